import { h } from 'preact';
import { Identify } from './identify';
import { NewGuest } from './new-guest';
import { Profile } from './profile';
import { Redeem } from './redeem';
import { Status } from './status';
import type { Ui } from './ui';

/** What the popup shows now; nothing while it is closed. */
export function PopupWindow({ ui }: { ui: Ui }) {
  const { window } = ui.state;
  switch (window?.view) {
    case 'identify':
      return <Identify ui={ui} window={window} />;
    case 'newGuest':
      return <NewGuest ui={ui} window={window} />;
    case 'profile':
      return <Profile ui={ui} window={window} />;
    case 'redeem':
      return <Redeem ui={ui} window={window} />;
    case 'status':
      return <Status ui={ui} window={window} />;
    case undefined:
      return null;
  }
}
