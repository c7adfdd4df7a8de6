import { Dialog, DialogDismiss, DialogHeading } from "@ariakit/react";
import { Link } from "@remix-run/react";
import { useRef, useState, type MouseEvent, type ReactNode } from "react";

const isPlainClick = (event: MouseEvent): boolean =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

interface AskLinkProps {
  /** The page that asks. */
  readonly to: string;
  readonly className: string;
  /** What the link says, and to whom it must say more than its text does. */
  readonly text: string;
  readonly label: string;
  readonly heading: string;
  readonly cancel: string;
  /** The question and its form, as the page has them. */
  readonly children: ReactNode;
}

/** Leads to the page that asks before something is done; with JavaScript the question comes in a dialog instead. */
export function AskLink({ to, className, text, label, heading, cancel, children }: AskLinkProps) {
  const link = useRef<HTMLAnchorElement>(null);
  const wayOut = useRef<HTMLButtonElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const ask = (event: MouseEvent) => {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    setIsOpen(true);
  };
  return (
    <>
      <Link ref={link} to={to} className={className} aria-label={label} onClick={ask}>
        {text}
      </Link>
      {isOpen && (
        <Dialog
          open
          onClose={() => {
            setIsOpen(false);
          }}
          // The way out, so that a key pressed once too often does nothing.
          initialFocus={wayOut}
          finalFocus={link}
          backdrop={<div className="bg-black/50" />}
          className="panel fixed inset-x-4 top-[12vh] z-20 mx-auto max-h-[76vh] max-w-lg overflow-y-auto p-6"
        >
          <DialogHeading className="text-xl font-semibold">{heading}</DialogHeading>
          {children}
          <DialogDismiss ref={wayOut} className="button button-quiet mt-3">
            {cancel}
          </DialogDismiss>
        </Dialog>
      )}
    </>
  );
}
