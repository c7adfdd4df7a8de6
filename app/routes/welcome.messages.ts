import { translated } from "../language/translated.ts";

export const messages = translated({
  en: {
    title: "Welcome",
    lead: (name: string) => `Hello, ${name}. One thing before your account is opened:`,
    email: "Your e-mail address, from GitHub",
    accept: "I have read and accept the terms and the privacy notice.",
    terms: "Terms",
    privacy: "Privacy notice",
    button: "Open my account",
    pending: "Opening…",
    missing: "To go on, accept the terms by ticking the box.",
    none: "There is no account yet. If you leave now, what GitHub told us expires after 15 minutes.",
  },
  ja: {
    title: "ようこそ",
    lead: (name: string) =>
      `${name} さん、はじめまして。アカウントを作成する前に、次の内容をご確認ください。`,
    email: "メールアドレス（GitHub より）",
    accept: "利用規約とプライバシーポリシーを読み、同意します。",
    terms: "利用規約",
    privacy: "プライバシーポリシー",
    button: "アカウントを作成する",
    pending: "作成しています…",
    missing: "続けるには、チェックを入れて利用規約に同意してください。",
    none: "アカウントはまだ作成されていません。このまま離れた場合、GitHub から受け取った情報は 15 分で無効になります。",
  },
});
