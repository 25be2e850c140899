// Notes what the app before it had done when its turn came.
Poster.on('beforeOrderClose', (data, next) => {
  window.commentSeen = data.order.comment;
  next();
});
document.body.dataset.ready = 'yes';
