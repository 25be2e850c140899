// Keeps every event it is told of, and says `next` at once.
window.seen = [];
const WITH_NEXT = ['beforeOrderClose', 'userLogout'];
const EVENTS = [
  'applicationIconClicked', 'beforeOrderClose', 'afterOrderClose', 'afterPopupClosed', 'orderOpen',
  'orderClientChange', 'orderProductChange', 'userLogin', 'userLogout', 'shiftOpen', 'shiftClose',
  'notificationClick', 'printFiscal', 'returnFiscal', 'incomingOrderCreated', 'incomingOrderAccepted',
  'incomingOrderDeclined',
];
EVENTS.forEach((event) => {
  Poster.on(event, (data, next) => {
    window.seen.push({ event, data });
    if (WITH_NEXT.includes(event)) next();
  });
});
Poster.on('noSuchEvent', () => {});
Poster.interface.showApplicationIconAt({
  functions: 'Recorder', order: 'Recorder: order', payment: 'Recorder: pay', receiptsArchive: 'Recorder: receipt',
});
document.body.dataset.ready = 'yes';
