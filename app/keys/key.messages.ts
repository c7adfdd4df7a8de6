import { translated } from "../language/translated.ts";
import type { Scope } from "./key.ts";

type ScopeTexts = Readonly<Record<Scope, string>>;

const scopesEn: ScopeTexts = {
  cast: "Run spells, and spend money for it.",
  read: "See casts, receipts, usage, limits and keys.",
  budgets: "Change the spending limit of your account.",
  keys: "Create, change, rotate and revoke keys.",
  billing: "Manage your card and see invoices.",
  spells: "Publish spells and change your own.",
};

const scopesJa: ScopeTexts = {
  cast: "スペルを実行し、その料金を使えます。",
  read: "キャスト、レシート、利用状況、上限、キーを閲覧できます。",
  budgets: "アカウントの利用上限を変更できます。",
  keys: "キーの作成、変更、更新、失効ができます。",
  billing: "カードを管理し、請求書を閲覧できます。",
  spells: "スペルを公開し、自分のスペルを変更できます。",
};

/** What every page about keys says. */
export const messages = translated({
  en: {
    scopes: scopesEn,
    cancel: "Cancel",
    back: "All keys",
    gone: "You have no active key of this prefix. It may have been revoked, or given a new secret, in the meantime.",
    fields: {
      name: "Name",
      nameHint: "To tell your keys apart: the program or place that uses it. At most 100 characters.",
      nameProblem: "Give the key a name of 1 to 100 characters.",
      expires: "Last day (optional)",
      expiresHint: "The key works until the end of this day, UTC. Leave it empty for a key without end.",
      expiresProblem: "Choose today or a later day, or none.",
      limit: "Monthly limit in US dollars (optional)",
      limitHint:
        "The most this key may spend in a month, within the limit of your account. Leave it empty to have the account's limit only.",
      limitProblem: "Write dollars and cents, such as 10 or 2.50, up to 1000000; or leave it empty.",
      scopes: "What it may do",
      scopesProblem: "Choose at least one.",
    },
    create: {
      button: "Create the key",
      pending: "Creating the key…",
    },
    made: {
      heading: (name: string) => `Your new key “${name}”`,
      once: "Copy it now and keep it like a password: it is shown this once and stored nowhere in a readable form.",
      label: "API key",
      copy: "Copy the key",
      copied: "Copied.",
      notCopied:
        "Your browser did not let us copy. The key is selected: copy it with the keyboard or the menu.",
      curl: "A first cast with it",
      curlNote: "The command contains your key: do not share it.",
    },
    change: {
      title: "Change a key",
      heading: (name: string) => `Change “${name}”`,
      button: "Save",
      pending: "Saving…",
    },
    rotate: {
      title: "New secret for a key",
      heading: (name: string) => `Give “${name}” a new secret?`,
      explain:
        "The key keeps its name, scopes, limit and usage, and gets a new text and prefix. The new text is shown once.",
      grace: (time: string) =>
        `The present secret works for another ${time}, so that you can replace it where it is used. It can no longer manage keys.`,
      noGrace: "The present secret stops working at once.",
      older: "A secret from an earlier rotation stops working at once.",
      button: "Create a new secret",
      pending: "Creating a new secret…",
      ended: "The previous secret no longer works.",
      until: (time: string) => `The previous secret works until ${time}.`,
      repeated:
        "This key has a new secret already: this form was sent before. A text is shown once; if you did not see it, rotate the key again from the list. A secret still in use from before will then stop working at once.",
    },
    revoke: {
      title: "Revoke a key",
      heading: (name: string) => `Revoke “${name}”?`,
      explain: "From that moment every request with this key is refused. This cannot be undone.",
      button: "Revoke the key",
      pending: "Revoking…",
    },
  },
  ja: {
    scopes: scopesJa,
    cancel: "キャンセル",
    back: "キーの一覧へ",
    gone: "このプレフィックスの有効なキーはありません。その間に失効または更新された可能性があります。",
    fields: {
      name: "名前",
      nameHint: "キーを見分けるための名前です。使うプログラムや場所などを 100 文字以内で入力してください。",
      nameProblem: "1 〜 100 文字の名前を入力してください。",
      expires: "最終日（任意）",
      expiresHint: "この日の終わり（UTC）までキーを使えます。空欄の場合は無期限です。",
      expiresProblem: "今日以降の日付を選ぶか、空欄にしてください。",
      limit: "月の上限（米ドル、任意）",
      limitHint:
        "このキーが 1 か月に使える最大額です。アカウントの上限を超えることはありません。空欄の場合はアカウントの上限だけが適用されます。",
      limitProblem:
        "10 や 2.50 のように、1000000 ドルまでの金額をセント単位で入力するか、空欄にしてください。",
      scopes: "このキーでできること",
      scopesProblem: "少なくとも 1 つ選んでください。",
    },
    create: {
      button: "キーを作成",
      pending: "作成しています…",
    },
    made: {
      heading: (name: string) => `新しいキー「${name}」`,
      once: "今すぐコピーし、パスワードと同じように保管してください。表示されるのはこの一度だけで、読める形ではどこにも保存されません。",
      label: "API キー",
      copy: "キーをコピー",
      copied: "コピーしました。",
      notCopied:
        "ブラウザーがコピーを許可しませんでした。キーを選択しましたので、キーボードまたはメニューでコピーしてください。",
      curl: "このキーでの最初のキャスト",
      curlNote: "このコマンドにはキーが含まれています。誰にも共有しないでください。",
    },
    change: {
      title: "キーの変更",
      heading: (name: string) => `「${name}」の変更`,
      button: "保存",
      pending: "保存しています…",
    },
    rotate: {
      title: "キーのシークレットの更新",
      heading: (name: string) => `「${name}」のシークレットを更新しますか？`,
      explain:
        "名前、権限、上限、利用状況はそのままで、キーの文字列とプレフィックスが新しくなります。新しい文字列は一度だけ表示されます。",
      grace: (time: string) =>
        `現在のシークレットはあと ${time}使えますので、その間に置き換えてください。この期間中、古いシークレットでキーを管理することはできません。`,
      noGrace: "現在のシークレットはただちに使えなくなります。",
      older: "以前の更新より前のシークレットは、ただちに使えなくなります。",
      button: "新しいシークレットを作成",
      pending: "作成しています…",
      ended: "これまでのシークレットは使えなくなりました。",
      until: (time: string) => `これまでのシークレットは ${time} まで使えます。`,
      repeated:
        "このフォームは送信済みで、キーにはすでに新しいシークレットがあります。文字列は一度しか表示されません。ご覧になれなかった場合は、一覧からもう一度更新してください。その場合、それより前のシークレットはただちに使えなくなります。",
    },
    revoke: {
      title: "キーの失効",
      heading: (name: string) => `「${name}」を失効させますか？`,
      explain: "失効した時点から、このキーによるリクエストはすべて拒否されます。この操作は取り消せません。",
      button: "キーを失効させる",
      pending: "失効させています…",
    },
  },
});
