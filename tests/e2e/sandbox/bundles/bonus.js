// Takes ten units off at Pay, in its window, as a loyalty app does.
const place = document.getElementById('app-container');
place.innerHTML = '<button id="redeem">Redeem 10</button>';
let current = null;
Poster.on('beforeOrderClose', (data, next) => {
  current = { order: data.order, next };
  Poster.interface.popup({ width: 400, height: 300, title: 'Bonus' });
});
document.getElementById('redeem').addEventListener('click', async () => {
  const { order, next } = current;
  window.answer = await Poster.orders.setOrderBonus(order.id, 10);
  await Poster.orders.setPrintText(order.id, 'Bonus: -10.00\nBalance: 5.00');
  await Poster.interface.closePopup();
  next();
});
document.body.dataset.ready = 'yes';
