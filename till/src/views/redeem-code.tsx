import { Component, Fragment, h } from 'preact';
import type { RedeemWindow } from '../state/state';
import { Field } from './field';
import { GoKey, Keypad } from './keypad';
import { Button, Notice } from './parts';
import type { Ui } from './ui';

const CODE_LENGTH = 6;

interface Props {
  ui: Ui;
  window: RedeemWindow;
}

/** The guest confirms the redemption with the code that was sent to him. */
export class RedeemCode extends Component<Props, { code: string }> {
  override state = { code: '' };
  private clock = 0;

  override componentDidMount(): void {
    // Counts the seconds down until the code may be sent again.
    this.clock = window.setInterval(() => this.forceUpdate(), 500);
  }

  override componentDidUpdate({ window: before }: Props): void {
    const { problem } = this.props.window;
    // A refused code is of no use any more.
    if (problem && problem !== before.problem) this.setState({ code: '' });
  }

  override componentWillUnmount(): void {
    clearInterval(this.clock);
  }

  private readonly edit = (change: (text: string) => string): void => {
    this.setState(({ code }) => ({ code: change(code).replace(/\D/g, '').slice(0, CODE_LENGTH) }));
  };

  override render({ ui, window: { busy, problem, confirmation } }: Props) {
    const { code } = this.state;
    const left = confirmation ? Math.max(0, Math.ceil((confirmation.resendAt - Date.now()) / 1000)) : 0;
    const go = (): void => ui.dispatch({ type: 'codeSubmitted', code });
    return (
      <>
        <Field label={ui.t('code_label')} value={code} onInput={(text) => this.edit(() => text)} onSubmit={go} test="code-field" inputMode="none" disabled={busy} placeholder="••••••" />
        <Notice ui={ui} problem={problem}>{confirmation && ui.t('code_sent', { masked: confirmation.masked })}</Notice>
        <Keypad
          ui={ui}
          edit={this.edit}
          submit={<GoKey test="redeem-continue" text={ui.t('go_on')} busy={busy} press={go} disabled={code.length < CODE_LENGTH} />}
        />
        <div class="bottom pair">
          <Button ui={ui} disabled={busy || left > 0} test="code-resend" press={{ type: 'resendPressed' }}>
            {left > 0 ? ui.t('resend_in', { seconds: left }) : ui.t('resend')}
          </Button>
          <Button ui={ui} test="redeem-none" press={{ type: 'redeemNonePressed' }}>{ui.t('dont_redeem')}</Button>
        </div>
      </>
    );
  }
}
