/** Groups and operations of the API reference in Japanese; the contracts that name them are in English. */

/** By the group's tag. */
export const groupNames: Readonly<Record<string, string>> = {
  Casting: "キャスト",
  Keys: "キー",
  Budgets: "予算",
  Grimoire: "グリモワール",
  People: "ユーザー",
  Ledger: "台帳",
};

/** By the operation's anchor. */
export const operationNames: Readonly<Record<string, string>> = {
  "post-v1-cast": "スペルをキャストする",
  "get-v1-casts": "キャストの一覧（新しい順）",
  "get-v1-casts-id": "1 件のキャストとそのログ",
  "delete-v1-casts-id": "待機中のキャストを取り消す",
  "post-v1-keys": "API キーを作成する",
  "get-v1-keys": "有効なキーの一覧",
  "patch-v1-keys-prefix": "キーの項目を変更する",
  "delete-v1-keys-prefix": "キーを失効させる",
  "post-v1-keys-prefix-rotate": "キーのシークレットを更新する",
  "get-v1-budgets": "有効な予算",
  "post-v1-budgets": "予算を置き換える",
  "put-v1-budgets": "予算の項目を変更する",
  "delete-v1-budgets": "既定の予算に戻す",
  "get-v1-budgets-usage": "現在の期間の使用額、確保額、残額",
  "get-v1-usage": "日別、スペル別、キー別の利用状況",
  "get-v1-spells": "グリモワールを検索する",
  "get-v1-spells-key": "1 件のスペル（名前またはキーで指定）",
  "get-v1-users-me": "このアカウントの持ち主",
  "patch-v1-users-me": "名前または言語を変更する",
  "get-v1-ledger-head": "台帳の最新のリンク",
  "get-v1-ledger-entries": "自分の台帳の記録（古い順）",
};
