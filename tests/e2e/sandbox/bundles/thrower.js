// Throws at every event, and once while it loads.
Poster.on('beforeOrderClose', () => {
  throw new Error('thrown at pay');
});
Poster.on('orderProductChange', () => {
  throw new Error('thrown at a product');
});
document.body.dataset.ready = 'yes';
throw new Error('thrown while loading');
