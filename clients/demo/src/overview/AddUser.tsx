import { useState, type FormEvent, type ReactNode } from 'react';
import { isUserId } from '../address.js';

interface Props {
  /** A name that was asked for and cannot be. */
  readonly notAUser: string | undefined;
  readonly label: string;
  readonly add: (user: string) => void;
}

/** Asks for a user id. */
export function AddUser({ notAUser, label, add }: Props): ReactNode {
  const [user, setUser] = useState(notAUser ?? '');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isUserId(user)) return;
    add(user);
    setUser('');
  };
  const wrong = user !== '' && !isUserId(user);
  return (
    <form className="add" onSubmit={submit}>
      <label htmlFor="choice">User id</label>
      <div className="row">
        <input id="choice" required maxLength={128} placeholder="carol" autoComplete="off" autoCapitalize="off" spellCheck={false}
          aria-describedby="choice-hint" aria-invalid={wrong} value={user} onChange={(event) => setUser(event.target.value)} />
        <button className="primary">{label}</button>
      </div>
      <p className={wrong ? 'problem' : 'hint'} id="choice-hint" role={wrong ? 'alert' : undefined}>
        {wrong && `“${user.slice(0, 40)}” is not a user id: `}letters, digits and <code>_ . @ -</code>
      </p>
    </form>
  );
}
