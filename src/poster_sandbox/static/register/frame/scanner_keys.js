// A USB scanner is a keyboard: it types the code's characters into whatever has the focus, a few milliseconds apart,
// and ends with Enter. Pages cannot make trusted key presses, so the keys' usual effect is carried out here as well.

const KEY_GAP_MS = 4;

/** Types the text and Enter into an element. */
export async function typeKeys(text, target) {
  for (const character of text) {
    if (press(target, character)) typeCharacter(target, character);
    lift(target, character);
    await new Promise((resolve) => setTimeout(resolve, KEY_GAP_MS));
  }
  const submits = press(target, 'Enter');
  lift(target, 'Enter');
  const form = target.form;
  if (submits && form && target.tagName === 'INPUT' && typeof form.requestSubmit === 'function') form.requestSubmit();
}

function keyEvent(type, key) {
  const code = key === 'Enter' ? 'Enter' : /\d/.test(key) ? `Digit${key}` : '';
  const keyCode = key === 'Enter' ? 13 : key.toUpperCase().charCodeAt(0);
  return new KeyboardEvent(type, {
    key,
    code,
    keyCode,
    which: keyCode,
    bubbles: true,
    cancelable: true,
    composed: true,
  });
}

function press(target, key) {
  const down = target.dispatchEvent(keyEvent('keydown', key));
  return down && target.dispatchEvent(keyEvent('keypress', key));
}

function lift(target, key) {
  target.dispatchEvent(keyEvent('keyup', key));
}

function typeCharacter(target, character) {
  const prototype = { INPUT: HTMLInputElement, TEXTAREA: HTMLTextAreaElement }[target.tagName]?.prototype;
  if (!prototype || target.readOnly || target.disabled) return;
  const given = { data: character, inputType: 'insertText', bubbles: true, composed: true };
  if (!target.dispatchEvent(new InputEvent('beforeinput', { ...given, cancelable: true }))) return;
  // The prototype's setter: frameworks that watch `value` on the element itself would miss the change otherwise.
  Object.getOwnPropertyDescriptor(prototype, 'value').set.call(target, target.value + character);
  target.dispatchEvent(new InputEvent('input', given));
}
