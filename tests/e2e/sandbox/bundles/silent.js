// Opens its window at Pay, and never says next.
Poster.on('beforeOrderClose', () => Poster.interface.popup({ width: 400, height: 300, title: 'Silent' }));
document.body.dataset.ready = 'yes';
