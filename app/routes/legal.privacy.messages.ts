import type { LegalTexts } from "../components/legal-page.tsx";
import { translated } from "../language/translated.ts";

export const messages = translated<LegalTexts>({
  en: {
    title: "Privacy notice",
    placeholder:
      "Placeholder. These sentences say what the product stores; they are not yet a company's notice, and no lawyer has read them.",
    sections: [
      {
        title: "What we keep about you",
        text: "Your GitHub number, login, name and verified primary e-mail address, the language you chose, and of each session the browser's name, its beginning and its end.",
      },
      {
        title: "What we keep about your casts",
        text: "Which spell, when, its cost, and digests of input and output. The input itself is not kept; a result only where a request asked for it, for 24 hours.",
      },
      {
        title: "The ledger",
        text: "Every charge stands in a ledger that nobody can change. You appear there under a pseudonym.",
      },
      {
        title: "Cookies",
        text: "One for your session, one for your language, and short-lived ones while you sign in. None follows you anywhere.",
      },
    ],
  },
  ja: {
    title: "プライバシーポリシー",
    placeholder:
      "仮の文面です。製品が保存する情報を説明したものであり、会社の正式なポリシーではなく、弁護士の確認も受けていません。",
    sections: [
      {
        title: "お客様について保存するもの",
        text: "GitHub の番号、ログイン名、お名前、確認済みの主要メールアドレス、選択された言語、各セッションのブラウザー名と開始・終了日時です。",
      },
      {
        title: "キャストについて保存するもの",
        text: "スペル、日時、料金、入出力のダイジェストです。入力そのものは保存しません。結果は、リクエストで求められた場合に限り 24 時間保存します。",
      },
      {
        title: "台帳",
        text: "すべての料金は、誰にも変更できない台帳に記録されます。台帳では仮名で記録されます。",
      },
      {
        title: "クッキー",
        text: "セッション用と言語用、そしてサインインの手続き中だけの短期間のものを使います。追跡には使いません。",
      },
    ],
  },
});
