import { translated } from "../language/translated.ts";

export const messages = translated({
  en: {
    title: "Grimoire",
    lead: "Every spell that you can cast. Choose one to see what it takes, and try it.",
    search: "Search",
    searchNote: "A part of a name, key or description.",
    find: "Find spells",
    tagged: (tag: string) => `Only spells with the tag ${tag}.`,
    all: "Show all spells",
    none: "No spells match. Try fewer words.",
    empty: "No spells have been published yet.",
    next: "Next page",
    first: "First page",
    pages: "Pages",
  },
  ja: {
    title: "グリモワール",
    lead: "キャストできるすべてのスペルです。選ぶと必要な入力を確認し、試すことができます。",
    search: "検索",
    searchNote: "名前、キー、説明の一部を入力してください。",
    find: "スペルを探す",
    tagged: (tag: string) => `タグ「${tag}」の付いたスペルだけを表示しています。`,
    all: "すべてのスペルを表示",
    none: "該当するスペルはありません。語を減らしてお試しください。",
    empty: "公開されているスペルはまだありません。",
    next: "次のページ",
    first: "最初のページ",
    pages: "ページ",
  },
});
