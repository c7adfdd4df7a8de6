import { translated } from "./language/translated.ts";

/** The one name that no language translates. */
export const NAME = "Spell Platform";

export const messages = translated({
  en: {
    skip: "Skip to content",
    nav: "Main",
    docs: "API reference",
    dashboard: "Dashboard",
    signIn: "Sign in",
    motto: "Computation sold by the call. A hard budget, an exact price, a ledger that proves both.",
    more: "More",
    errors: "Errors",
    grimoire: "Grimoire (JSON)",
    ledger: "Ledger head (JSON)",
    terms: "Terms",
    privacy: "Privacy",
    language: "Language",
    missing: {
      title: "There is no such page",
      detail: "The address may be mistyped, or the page has moved.",
    },
    unfit: {
      title: "This page cannot do that",
      detail: "The request was not one that a page of ours sends.",
    },
    failed: {
      title: "Something went wrong here",
      detail: "It is logged on our side. Nothing was charged. Try again in a moment.",
    },
    home: "Back to the home page",
  },
  ja: {
    skip: "本文へ移動",
    nav: "メイン",
    docs: "API リファレンス",
    dashboard: "ダッシュボード",
    signIn: "サインイン",
    motto: "呼び出し単位で買える計算。確実な上限、正確な料金、両方を証明する台帳。",
    more: "その他",
    errors: "エラー",
    grimoire: "グリモワール（JSON）",
    ledger: "台帳の先頭（JSON）",
    terms: "利用規約",
    privacy: "プライバシー",
    language: "言語",
    missing: {
      title: "ページが見つかりません",
      detail: "アドレスが誤っているか、ページが移動した可能性があります。",
    },
    unfit: {
      title: "このページではその操作はできません",
      detail: "当サイトのページが送るリクエストではありません。",
    },
    failed: {
      title: "問題が発生しました",
      detail: "当方で記録しました。料金は発生していません。しばらくしてからもう一度お試しください。",
    },
    home: "トップページへ戻る",
  },
});
