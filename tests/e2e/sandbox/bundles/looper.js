// Never gets further than reloading itself.
document.body.dataset.ready = 'yes';
location.reload();
