"use strict";
/* What pages that work without a line have in common, for the page and for its service worker: stores of IndexedDB, one sender
   at a time, photographs made small. Used by “my jobs in the field” and by the citizens' site. */
const phone = {
  /* The database of this name. `stores`: name -> options of each. `run` does one deed in one of them and gives what it asked for. */
  base: (name, stores) => {
    const database = () => new Promise((done, failed) => {
      const asked = indexedDB.open(name, 1);
      asked.onupgradeneeded = () => { for (const [store, options] of Object.entries(stores)) asked.result.createObjectStore(store, options); };
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
    return async (store, mode, work) => {
      const base = await database();
      try {
        return await new Promise((done, failed) => {
          const deal = base.transaction(store, mode), asked = work(deal.objectStore(store));
          deal.oncomplete = () => done(asked.result);
          deal.onerror = deal.onabort = () => failed(deal.error);
        });
      } finally { base.close(); }
    };
  },
  /* One of page and worker sends at a time; the other leaves it to them. */
  alone: (name, work) => (navigator.locks ? navigator.locks.request(name, { ifAvailable: true }, (held) => (held ? work() : null)) : work()),
  /* A photograph at most so many points long, as JPEG, without what the camera wrote into it; nothing where it cannot be read. */
  small: async (file, points) => {
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, points / Math.max(picture.width, picture.height)), isPage = typeof document !== "undefined";
      const canvas = isPage ? document.createElement("canvas") : new OffscreenCanvas(1, 1);
      canvas.width = Math.round(picture.width * scale); canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      if (!isPage) return await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
      return await new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed()), "image/jpeg", 0.85));
    } catch { return null; }
  },
};
