"""Applications of persons about their own data (KVKK m.11, m.13; Veri Sorumlusuna Başvuru Tebliği): the register."""
