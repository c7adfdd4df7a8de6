import { translated } from "../language/translated.ts";

export const messages = translated({
  en: {
    title: "Sign in",
    description: "Sign in to Spell Platform with GitHub.",
    lead: "We take your name, login and verified e-mail address from GitHub, and ask for nothing else there.",
    button: "Sign in with GitHub",
    firstTime: "At your first sign-in you are asked to accept the terms. Until then no account is opened.",
    problems: {
      session:
        "Your session has ended. Sign in, and you come back to where you were, with what you had typed.",
      declined: "You declined at GitHub, so nothing happened. You can try again at any time.",
      state: "This sign-in was begun in another window, or too long ago. Begin again.",
      github: "GitHub did not answer as it should. Try again in a moment.",
      email: "Your primary e-mail address at GitHub is not verified. Verify it there, then sign in.",
      rate: "That was a lot of tries in a short time. Wait a minute, then try again.",
      unconfigured: "Sign-in is not set up on this server. Its operator has to name a GitHub application.",
    },
  },
  ja: {
    title: "サインイン",
    description: "GitHub で Spell Platform にサインインします。",
    lead: "GitHub から取得するのは、お名前、ログイン名、確認済みのメールアドレスだけです。",
    button: "GitHub でサインイン",
    firstTime:
      "初回のサインイン時に利用規約への同意をお願いします。同意いただくまでアカウントは作成されません。",
    problems: {
      session: "セッションが終了しました。サインインすると、入力内容を保ったまま元のページに戻ります。",
      declined: "GitHub で許可されなかったため、サインインしていません。いつでもやり直せます。",
      state:
        "このサインインは別のウィンドウで開始されたか、時間が経ちすぎています。最初からやり直してください。",
      github: "GitHub から正しい応答がありませんでした。しばらくしてからお試しください。",
      email: "GitHub の主要メールアドレスが未確認です。GitHub で確認してからサインインしてください。",
      rate: "短時間に試行が多すぎます。1 分ほど待ってからお試しください。",
      unconfigured:
        "このサーバーではサインインが設定されていません。運営者が GitHub アプリを設定する必要があります。",
    },
  },
});
