// The global `Poster` of an app's frame.

const CALLS = {
  interface: [
    'popup',
    'closePopup',
    'showApplicationIconAt',
    'scanBarcode',
    'showNotification',
    'showManageRightsModal',
  ],
  orders: [
    'getActive',
    'create',
    'addProduct',
    'changeProductCount',
    'setOrderClient',
    'setOrderBonus',
    'setOrderComment',
    'printReceipt',
    'setPrintText',
    'setExtras',
    'closeOrder',
  ],
  clients: ['get', 'find', 'create'],
  products: ['get', 'getFullName'],
  categories: ['get', 'getAll'],
  users: ['get', 'getActiveUser'],
};

/** Builds it over a channel, with the settings and the environment the register gave. */
export function makePoster(channel, { settings = {}, environment = {} }) {
  const poster = {
    settings,
    environment,
    on: (event, handler) => channel.on(event, handler),
    makeRequest: (url, options, callback) =>
      withCallback(channel.call('makeRequest', [url, options]), callback, failedRequest),
    makeApiRequest: (method, options, callback) =>
      withCallback(channel.call('makeApiRequest', [method, options]), callback, () => false),
  };
  for (const [group, names] of Object.entries(CALLS)) {
    poster[group] = Object.fromEntries(
      names.map((name) => [name, (...args) => channel.call(`${group}.${name}`, args)]),
    );
  }
  return poster;
}

const failedRequest = () => ({ code: 0, result: false });

function withCallback(promise, callback, otherwise) {
  promise.catch(otherwise).then((answer) => {
    if (typeof callback === 'function') callback(answer);
  });
}
