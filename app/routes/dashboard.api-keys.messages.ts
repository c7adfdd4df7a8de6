import { translated } from "../language/translated.ts";

export const messages = translated({
  en: {
    title: "API keys",
    lead: "Programs that cast spells for you identify themselves with a key. What they spend counts towards your limit.",
    list: "Your keys",
    make: "Create a key",
    done: {
      revoked: "The key is revoked. Nothing accepts it any more.",
      changed: "The key is changed, from its next request on.",
      gone: "That key was not active any more. Nothing was changed.",
    },
  },
  ja: {
    title: "API キー",
    lead: "プログラムはキーで認証し、お客様に代わってスペルをキャストします。使った金額はアカウントの上限に算入されます。",
    list: "キーの一覧",
    make: "キーを作成する",
    done: {
      revoked: "キーを失効させました。今後このキーはどこでも受け付けられません。",
      changed: "キーを変更しました。次のリクエストから適用されます。",
      gone: "そのキーはすでに有効ではありませんでした。何も変更していません。",
    },
  },
});
