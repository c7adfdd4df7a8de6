import { translated } from "../language/translated.ts";

export const messages = translated({
  en: {
    nav: "Your account",
    pages: {
      overview: "Overview",
      billing: "Limit and billing",
      keys: "API keys",
      spells: "Grimoire",
      casts: "Casts",
      settings: "Settings",
    },
    signOut: "Sign out",
    signedInAs: (login: string) => `Signed in as ${login}`,
  },
  ja: {
    nav: "アカウント",
    pages: {
      overview: "概要",
      billing: "上限と請求",
      keys: "API キー",
      spells: "グリモワール",
      casts: "キャスト",
      settings: "設定",
    },
    signOut: "サインアウト",
    signedInAs: (login: string) => `サインイン中：${login}`,
  },
});
