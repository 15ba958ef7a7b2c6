"""The law of official correspondence (Resmî Yazışma Yönetmeliği, RG 10.06.2020/31151, with its guide of 2022), as pure
functions over `parts`: how a letter addresses, refers, closes, is numbered, and what is wrong with one. No database."""
