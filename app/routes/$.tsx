/** Every address that is no page. */
export function loader(): never {
  // Remix renders a thrown response through the error boundary, with its status.
  // eslint-disable-next-line @typescript-eslint/only-throw-error
  throw new Response(null, { status: 404 });
}

export const action = loader;

export default function Missing() {
  return null;
}
