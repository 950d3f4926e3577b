import { t } from '@lingui/core/macro';

/** Who may not buy is told who can. */
export function NotYours() {
  return (
    <p data-not-yours>
      {t`Your access to this account does not include buying. An owner of the account can buy credits, change the plan and ask for refunds.`}
    </p>
  );
}
