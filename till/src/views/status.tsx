import { Fragment, h } from 'preact';
import { sentenceOf } from '../state/sentence';
import type { StatusWindow } from '../state/state';
import { Button, Row } from './parts';
import type { Ui } from './ui';

/** How loyalty stands on this register, always to be found under Poster's functions. */
export function Status({ ui, window }: { ui: Ui; window: StatusWindow }) {
  const { connection, outbox } = ui.state;
  const { hello, problem, phase } = connection;
  return (
    <div class="view" data-test="status-view">
      <h1 class="title">{ui.t('status')}</h1>
      <p class={`state state-${phase}`} data-test="status-state">{ui.t(`state_${phase}`)}</p>
      {problem && phase !== 'online' && <p class="notice notice-problem" data-test="status-problem">{ui.say(sentenceOf(problem))}</p>}
      <section class="card">
        {hello && (
          <>
            <Row label={ui.t('terminal')} test="status-terminal">{hello.terminal.name}</Row>
            <Row label={ui.t('place')}>{hello.point_of_sale.name}</Row>
            <Row label={ui.t('business')}>{hello.business.name}</Row>
            <Row label={ui.t('program')}>{hello.program ? hello.program.title : ui.t('no_program')}</Row>
          </>
        )}
        <Row label={ui.t('server')}>{ui.server.replace(/^https?:\/\//, '')}</Row>
        <Row label={ui.t('version')}>{__TILL_VERSION__}</Row>
      </section>
      <section class="card">
        <Row label={ui.t('waiting')} test="status-waiting">{outbox.waiting}</Row>
        {outbox.setAside > 0 && <Row label={ui.t('aside')} test="status-aside">{outbox.setAside}</Row>}
        {problem && <Row label={ui.t('last_error')} test="status-error">{problem.code}</Row>}
      </section>
      <div class="bottom">
        <Button ui={ui} look="primary" big busy={window.busy} test="status-try-again" press={{ type: 'tryAgainPressed' }}>{ui.t('try_again')}</Button>
        <Button ui={ui} test="status-close" press={{ type: 'closePressed' }}>{ui.t('close')}</Button>
      </div>
    </div>
  );
}
