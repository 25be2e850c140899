import { Component, h } from 'preact';
import { recognise } from '../state/recognise';
import type { IdentifyWindow } from '../state/state';
import { Field } from './field';
import { GoKey, Key, Keypad } from './keypad';
import { Button, Notice } from './parts';
import type { Ui } from './ui';

interface Props {
  ui: Ui;
  window: IdentifyWindow;
}

/** The authorization window: one field that takes whatever names the guest, scanned or typed. */
export class Identify extends Component<Props, { text: string; letters: boolean }> {
  override state = { text: '', letters: false };
  private input: HTMLInputElement | null = null;

  override componentDidUpdate(before: Props): void {
    const { problem } = this.props.window;
    // After a refusal the next scan must not be appended to the code that was refused.
    if (problem && problem !== before.window.problem && this.input) this.input.select();
  }

  private readonly write = (text: string): void => this.setState({ text });
  private readonly submit = (): void => this.props.ui.dispatch({ type: 'identifierSubmitted', text: this.state.text });

  /** A key of the keypad replaces a selected text, as a key of the keyboard does. */
  private readonly edit = (change: (text: string) => string): void => {
    const { input } = this;
    const isSelected = input !== null && input.value !== '' && input.selectionEnd! - input.selectionStart! === input.value.length;
    this.setState(({ text }) => ({ text: change(isSelected && input.value === text ? '' : text) }));
  };

  private switchTo(letters: boolean): void {
    this.setState({ letters });
    // The system keyboard follows the input mode only when the field takes the cursor anew.
    const { input } = this;
    if (!input) return;
    input.blur();
    setTimeout(() => input.focus(), 0);
  }

  override render({ ui, window: { busy, problem } }: Props) {
    const { text, letters } = this.state;
    const { hello } = ui.state.connection;
    const kind = recognise(text, hello ? hello.phone.calling_code : '');
    const find = <GoKey test="identify-submit" text={ui.t('find')} busy={busy} press={this.submit} disabled={!text.trim()} />;
    return (
      <div class="view">
        <Field
          label={ui.t('identify_label')}
          value={text}
          onInput={this.write}
          onSubmit={this.submit}
          test="identify-field"
          inputMode={letters ? 'email' : 'none'}
          badge={kind && ui.t(kind)}
          disabled={busy}
          take={(input) => {
            this.input = input;
          }}
        />
        <Notice ui={ui} problem={problem}>{ui.t(busy ? 'wait' : 'identify_hint')}</Notice>
        {letters ? (
          <div class="keypad">
            <Key test="key-digits" look="key-wide key-side" press={() => this.switchTo(false)}>123</Key>
            {find}
          </div>
        ) : (
          <Keypad
            ui={ui}
            edit={this.edit}
            second={<Key test="key-plus" look="key-side" press={() => this.edit((now) => `${now}+`)}>+</Key>}
            third={<Key test="key-abc" look="key-side key-small" press={() => this.switchTo(true)}>{ui.t('letters')} @</Key>}
            submit={find}
          />
        )}
        <div class="bottom">
          {ui.canScan && <Button ui={ui} look="primary" big test="identify-scan" disabled={busy} press={{ type: 'scanPressed' }}>{ui.t('camera')}</Button>}
          {ui.state.pay && ui.state.pay.token !== null && <Button ui={ui} big test="no-card" press={{ type: 'noCardPressed' }}>{ui.t('no_card')}</Button>}
        </div>
      </div>
    );
  }
}
