// Takes one unit off at Pay, after a while.
Poster.on('beforeOrderClose', async (data, next) => {
  await new Promise((resolve) => setTimeout(resolve, 300));
  await Poster.orders.setOrderComment(data.order.id, 'first');
  next({ payButton: 'Pay by first' });
});
document.body.dataset.ready = 'yes';
