// Calls everything with everything, and posts garbage.
const circle = {};
circle.self = circle;
const rubbish = [
  undefined, null, 0, -1, NaN, 'x', '', true, [], {}, circle, () => {}, document.body, window, new Event('click'), Symbol.iterator.toString(),
  { get bad() { throw new Error('no'); } }, '__proto__', 'constructor', 1e308, new Date(NaN), new Map(),
];
window.callEverything = async () => {
  let answers = 0;
  for (const group of ['interface', 'orders', 'clients', 'products', 'categories', 'users']) {
    for (const name of Object.keys(Poster[group])) {
      if (['scanBarcode', 'showManageRightsModal', 'create'].includes(name) && group !== 'clients') continue;
      // A register stops an app that floods it; this one is only confused.
      await new Promise((resolve) => setTimeout(resolve, 40));
      for (const one of rubbish) {
        await Poster[group][name](one, one, one).then(() => (answers += 1), () => (answers += 1));
      }
    }
  }
  for (const one of rubbish.slice(0, 12)) {
    await new Promise((resolve) => Poster.makeApiRequest(one, one, resolve));
    answers += 1;
  }
  Poster.on(null, null);
  Poster.on({}, () => {});
  Poster.makeRequest();
  Poster.interface.closePopup(new Event('click'));
  return answers;
};
window.postGarbage = () => {
  for (const one of [null, 1, 'text', [], {}, { kind: 'call' }, { kind: 'call', method: 'constructor', args: 'x' },
    { kind: 'call', id: 1, method: '__proto__', args: [] }, { kind: 'next' }, { kind: 'next', id: 1 }, { kind: 'on' },
    { kind: 'error' }, { kind: {} }, { kind: 'hello', extra: new ArrayBuffer(1000) }]) parent.postMessage(one, '*');
};
window.flood = () => {
  for (let index = 0; index < 20000; index += 1) parent.postMessage({ kind: 'call', id: index, method: 'orders.getActive' }, '*');
};
document.body.dataset.ready = 'yes';
