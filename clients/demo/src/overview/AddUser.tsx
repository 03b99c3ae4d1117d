import { useState, type FormEvent, type ReactNode } from 'react';
import { isUserId } from '../address.js';

interface Props {
  /** A name that was asked for and cannot be. */
  readonly notAUser: string | undefined;
  readonly label: string;
  /** Who is here already. */
  readonly users: readonly string[];
  readonly add: (user: string) => void;
}

/** Asks for a user id. */
export function AddUser({ notAUser, label, users, add }: Props): ReactNode {
  const [user, setUser] = useState(notAUser ?? '');
  const isWrong = user !== '' && !isUserId(user);
  const isHere = users.includes(user);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isWrong || isHere) return;
    add(user);
    setUser('');
  };
  return (
    <form className="add" onSubmit={submit}>
      <label htmlFor="choice">User id</label>
      <div className="row">
        <input id="choice" required maxLength={128} placeholder="carol" autoComplete="off" autoCapitalize="off" spellCheck={false}
          aria-describedby="choice-hint" aria-invalid={isWrong || isHere} value={user} onChange={(event) => setUser(event.target.value)} />
        <button className="primary">{label}</button>
      </div>
      <p className={isWrong || isHere ? 'problem' : 'hint'} id="choice-hint" role={isWrong || isHere ? 'alert' : undefined}>
        {isWrong && `“${user.slice(0, 40)}” is not a user id: `}
        {isHere ? `${user} is here already: “Open a tab” gives that user one more.` : <>letters, digits and <code>_ . @ -</code></>}
      </p>
    </form>
  );
}
