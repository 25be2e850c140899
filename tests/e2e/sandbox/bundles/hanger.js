// Hangs for good at Pay, the first time.
Poster.on('beforeOrderClose', (data, next) => {
  const times = Number(localStorage.getItem('times') || 0) + 1;
  localStorage.setItem('times', String(times));
  if (times === 1) for (;;);
  next();
});
document.body.dataset.ready = 'yes';
