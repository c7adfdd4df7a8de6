import { Form, useNavigation, type FormProps } from "@remix-run/react";
import type { ReactNode, RefObject, SyntheticEvent } from "react";

/** Whether a form to this address, and with this field in it if one is named, is on its way. */
function useIsPending(action: string, field: readonly [string, string] | undefined): boolean {
  const { formAction, formData } = useNavigation();
  return formAction === action && (field === undefined || formData?.get(field[0]) === field[1]);
}

interface OnceFormProps extends Omit<FormProps, "action" | "method" | "children" | "onSubmit"> {
  readonly action: string;
  /** A hidden field of the form's own, where several forms of a page have the same address. */
  readonly field?: readonly [name: string, value: string];
  readonly formRef?: RefObject<HTMLFormElement>;
  readonly children: (isPending: boolean) => ReactNode;
}

/** A form that is posted: a plain one without JavaScript, without a reload with it. While it is on its way, another press does nothing. */
export function OnceForm({ action, field, formRef, children, ...rest }: OnceFormProps) {
  const isPending = useIsPending(action, field);
  const sendOnce = (event: SyntheticEvent) => {
    if (isPending) event.preventDefault();
  };
  return (
    <Form {...rest} ref={formRef} method="post" action={action} onSubmit={sendOnce}>
      {field !== undefined && <input type="hidden" name={field[0]} value={field[1]} />}
      {children(isPending)}
    </Form>
  );
}

interface SubmitButtonProps {
  readonly isPending: boolean;
  readonly text: string;
  readonly pendingText: string;
  readonly className?: string;
  /** Says more than the text does, where several buttons have the same. */
  readonly label?: string;
}

/** Stays focusable while its form is on its way, so it is not disabled. */
export function SubmitButton({ isPending, text, pendingText, className = "", label }: SubmitButtonProps) {
  return (
    <button
      type="submit"
      className={`button ${className}`}
      aria-disabled={isPending}
      aria-label={isPending ? undefined : label}
    >
      {isPending ? pendingText : text}
    </button>
  );
}
