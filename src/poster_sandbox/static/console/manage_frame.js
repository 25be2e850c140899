// An app's page says `top.postMessage({hideSpinner: true}, '*')` once it is there (documented by Poster).
const frame = document.getElementById("app-page");
const spinner = document.getElementById("spinner");

window.addEventListener("message", (event) => {
  if (event.origin === frame.dataset.origin && event.data && event.data.hideSpinner) {
    spinner.hidden = true;
  }
});

setTimeout(() => {
  spinner.textContent = "The page is there, but it has not said hideSpinner.";
}, 10000);
