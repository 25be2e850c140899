// A window that counts, and a field to type into. Its state lives in the document: it is lost if the frame is made anew.
let opened = 0;
const place = document.getElementById('app-container');
place.innerHTML = '<p id="count">0</p><form><input id="code"></form><p id="sent"></p><button id="done">Done</button>';
Poster.interface.showApplicationIconAt({ order: 'Counter: open' });
Poster.on('applicationIconClicked', () => {
  opened += 1;
  document.getElementById('count').textContent = String(opened);
  Poster.interface.popup({ width: 500, height: '60%', title: 'Counter' });
  document.getElementById('code').focus();
});
document.querySelector('form').addEventListener('submit', (event) => {
  event.preventDefault();
  document.getElementById('sent').textContent = document.getElementById('code').value;
});
// The event itself goes to closePopup: a host that clones it blindly fails.
document.getElementById('done').addEventListener('click', Poster.interface.closePopup);
document.body.dataset.ready = 'yes';
