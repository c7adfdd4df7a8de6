import { OnceForm, SubmitButton } from "../forms/once-form.tsx";
import { useFormats, useText } from "../language/language.tsx";
import { browserName } from "./browser-name.ts";
import { messages } from "./settings.messages.ts";
import { INTENTS, SETTINGS_PATH, type Session } from "./settings.ts";

function useBrowserText(): (userAgent: string | null) => string {
  const text = useText(messages).sessions;
  return (userAgent) => {
    const { browser, system } = browserName(userAgent);
    if (browser !== null && system !== null) return text.browserOn(browser, system);
    return browser ?? system ?? text.unknown;
  };
}

/** Ends the session from which it is pressed as signing out does: the cookie goes with it. */
function EndCurrent() {
  return (
    <form method="post" action="/auth/logout">
      <button type="submit" className="button button-quiet text-sm">
        {useText(messages).sessions.endCurrent}
      </button>
    </form>
  );
}

function EndOther({ id, label }: { readonly id: string; readonly label: string }) {
  const text = useText(messages).sessions;
  return (
    <OnceForm action={SETTINGS_PATH} field={["id", id]} preventScrollReset>
      {(isPending) => (
        <>
          <input type="hidden" name="intent" value={INTENTS.endSession[1]} />
          <SubmitButton
            isPending={isPending}
            text={text.end}
            pendingText={text.ending}
            className="button-quiet text-sm"
            label={label}
          />
        </>
      )}
    </OnceForm>
  );
}

function SessionItem({ session }: { readonly session: Session }) {
  const text = useText(messages).sessions;
  const { dayAndTime } = useFormats();
  const browser = useBrowserText()(session.user_agent);
  const since = dayAndTime(session.created_at);
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 border-b border-line py-4">
      <div className="min-w-0">
        <p className="font-medium">
          {browser}
          {session.is_current && (
            <strong className="chip ml-2 font-sans font-semibold">{text.current}</strong>
          )}
        </p>
        <p className="text-sm text-soft">
          {text.since} <time dateTime={session.created_at}>{since}</time>
        </p>
        <p className="text-sm text-soft">
          {text.until} <time dateTime={session.expires_at}>{dayAndTime(session.expires_at)}</time>
        </p>
      </div>
      {session.is_current ? (
        <EndCurrent />
      ) : (
        <EndOther id={session.id} label={text.endLabel(browser, since)} />
      )}
    </li>
  );
}

/** Where somebody is signed in, and how they end it. */
export function SessionList({ sessions }: { readonly sessions: readonly Session[] }) {
  const text = useText(messages).sessions;
  return (
    <>
      <ul className="mt-2 border-t border-line">
        {sessions.map((session) => (
          <SessionItem key={session.id} session={session} />
        ))}
      </ul>
      {sessions.length > 1 && (
        <OnceForm action={SETTINGS_PATH} field={INTENTS.endOthers} className="mt-4" preventScrollReset>
          {(isPending) => (
            <SubmitButton
              isPending={isPending}
              text={text.endOthers}
              pendingText={text.ending}
              className="button-danger"
            />
          )}
        </OnceForm>
      )}
    </>
  );
}
