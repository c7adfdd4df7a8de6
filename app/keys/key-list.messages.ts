import { translated } from "../language/translated.ts";

export const messages = translated({
  en: {
    empty: "You have no keys yet. Create the first one below.",
    prefix: "Prefix",
    scopes: "Scopes",
    limit: "Monthly limit",
    noLimit: "No limit of its own",
    expires: "Expires",
    never: "Never",
    expired: (time: string) => `Expired on ${time}`,
    lastUsed: "Last used",
    notUsed: "Not used yet",
    made: "Created",
    acts: {
      change: "Change",
      rotate: "New secret",
      revoke: "Revoke",
    },
    actOn: (act: string, name: string) => `${act}: ${name}`,
  },
  ja: {
    empty: "キーはまだありません。下のフォームで作成できます。",
    prefix: "プレフィックス",
    scopes: "権限",
    limit: "月の上限",
    noLimit: "個別の上限なし",
    expires: "有効期限",
    never: "無期限",
    expired: (time: string) => `期限切れ（${time}）`,
    lastUsed: "最終使用",
    notUsed: "未使用",
    made: "作成日時",
    acts: {
      change: "変更",
      rotate: "シークレットを更新",
      revoke: "失効",
    },
    actOn: (act: string, name: string) => `${act}：${name}`,
  },
});
