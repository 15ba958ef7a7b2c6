"use strict";
/* The order of the day's visits, reckoned on the phone: the nearest next one first, then turned round wherever that makes the
   way shorter (2-opt). Straight lines, as far as no road is known. */
const okVisits = (() => {
  const TURN = Math.PI / 180;
  const metres = ([north, east], [to_north, to_east]) => {
    const a = (to_north - north) * TURN, b = (to_east - east) * TURN;
    return 12742000 * Math.asin(Math.sqrt(Math.sin(a / 2) ** 2 + Math.cos(north * TURN) * Math.cos(to_north * TURN) * Math.sin(b / 2) ** 2));
  };
  /* The places of the points in the order of visits, from `start` on (a point, or null: from the first one). */
  const order = (start, points) => {
    const left = points.map((_point, number) => number), way = [];
    let at = start;
    while (left.length) {
      let next = 0;
      if (at) for (let one = 1; one < left.length; one += 1) if (metres(at, points[left[one]]) < metres(at, points[left[next]])) next = one;
      way.push(left.splice(next, 1)[0]);
      at = points[way.at(-1)];
    }
    const place = (number) => (number < 0 ? start : points[way[number]]);
    const leg = (from, to) => (from && to ? metres(from, to) : 0);
    for (let better = true, rounds = 0; better && rounds < 50; rounds += 1) {
      better = false;
      for (let i = start ? 0 : 1; i < way.length - 1; i += 1) for (let j = i + 1; j < way.length; j += 1) {
        const before = leg(place(i - 1), place(i)) + (j + 1 < way.length ? leg(place(j), place(j + 1)) : 0);
        const after = leg(place(i - 1), place(j)) + (j + 1 < way.length ? leg(place(i), place(j + 1)) : 0);
        if (after < before - 0.01) { way.splice(i, j - i + 1, ...way.slice(i, j + 1).reverse()); better = true; }
      }
    }
    return way;
  };
  const length = (start, points, way) => way.reduce((sum, number, step) => sum + (step ? metres(points[way[step - 1]], points[number]) : start ? metres(start, points[number]) : 0), 0);
  return { metres, order, length };
})();
