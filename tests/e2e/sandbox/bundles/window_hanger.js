// Opens its window at Pay and hangs in it.
Poster.on('beforeOrderClose', () => {
  Poster.interface.popup({ width: 400, height: 300, title: 'Stuck' });
  setTimeout(() => { for (;;); }, 500);
});
document.body.dataset.ready = 'yes';
