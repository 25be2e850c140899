// Says next three times at each Pay, and once more when it is too late.
window.kept = [];
Poster.on('beforeOrderClose', (data, next) => {
  window.kept.forEach((old) => old());
  window.kept.push(next);
  next();
  next();
  next({ payButton: 'Late' });
});
document.body.dataset.ready = 'yes';
