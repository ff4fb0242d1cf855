/** Whether a merchant's browser can be sent to this URL: it is a link on the confirmation page. */
export function isReturnUrl(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
