import { Component, h } from 'preact';
import type { GuestForm } from '../state/events';
import type { NewGuestWindow } from '../state/state';
import { Button, Notice } from './parts';
import type { Ui } from './ui';

/** A guest nobody knows yet: his phone or email is there already, everything else may stay empty. */
export class NewGuest extends Component<{ ui: Ui; window: NewGuestWindow }, GuestForm> {
  override state: GuestForm = { name: '', birthday: null, gender: null, consent: false };

  private gender(value: 'female' | 'male') {
    const on = this.state.gender === value;
    return (
      <button type="button" class={on ? 'choice-key is-on' : 'choice-key'} aria-pressed={on} onClick={() => this.setState({ gender: on ? null : value })} data-test={`new-guest-${value}`}>
        {this.props.ui.t(value)}
      </button>
    );
  }

  override render({ ui, window: { kind, value, busy, problem } }: { ui: Ui; window: NewGuestWindow }) {
    const { name, birthday, consent } = this.state;
    const save = { type: 'guestFormSaved', form: { ...this.state, name: name.trim() } } as const;
    return (
      <form
        class="view"
        data-test="new-guest-form"
        onSubmit={(event) => {
          event.preventDefault();
          ui.dispatch(save);
        }}
      >
        <h1 class="title">{ui.t('new_guest')}</h1>
        <p class="contact" data-test="new-guest-contact"><span class="muted">{ui.t(kind)}</span> {value}</p>
        <div>
          <label class="field-label" for="guest-name">{ui.t('name')}</label>
          <input id="guest-name" class="input" value={name} onInput={(event) => this.setState({ name: event.currentTarget.value })} autocomplete="off" data-test="new-guest-name" />
        </div>
        <div class="pair">
          <div>
            <label class="field-label" for="guest-birthday">{ui.t('birthday')}</label>
            <input id="guest-birthday" class="input" type="date" value={birthday || ''} onInput={(event) => this.setState({ birthday: event.currentTarget.value || null })} data-test="new-guest-birthday" />
          </div>
          <fieldset>
            <legend class="field-label">{ui.t('gender')}</legend>
            <div class="choice">{this.gender('female')}{this.gender('male')}</div>
          </fieldset>
        </div>
        <label class="consent">
          <input type="checkbox" checked={consent} onChange={(event) => this.setState({ consent: event.currentTarget.checked })} data-test="new-guest-consent" />
          <span>{ui.t('consent')}<small class="muted">{ui.t('consent_hint')}</small></span>
        </label>
        <Notice ui={ui} problem={problem}>{ui.t(busy ? 'wait' : 'new_guest_hint')}</Notice>
        <div class="bottom">
          <Button ui={ui} look="primary" big busy={busy} test="new-guest-save" press={save}>{ui.t('save')}</Button>
          <Button ui={ui} disabled={busy} test="new-guest-back" press={{ type: 'backPressed' }}>{ui.t('back')}</Button>
        </div>
      </form>
    );
  }
}
