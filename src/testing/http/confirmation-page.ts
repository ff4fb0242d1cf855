import type { Approval, Approvals } from "../billing/approval.js";
import type { Incoming, Outgoing, Reply } from "./exchange.js";

/** Serves a confirmation URL: the page by GET, the merchant's decision by POST. */
export function confirm(
  approvals: Approvals,
  { method, url, body }: Incoming,
  reply: Reply,
): Outgoing {
  const approval = approvals.findByUrl(url);
  if (approval === null) {
    return reply.html(
      404,
      page("Not found", "<p>There is nothing to approve at this address.</p>"),
    );
  }
  approval.owner.settle();
  if (method !== "POST" || approval.closedAs() !== null) {
    return reply.html(200, approvalPage(approval));
  }
  const decision = new URLSearchParams(body).get("decision");
  if (decision === "approve") approval.approve();
  else if (decision === "decline") approval.decline();
  else return reply.html(400, approvalPage(approval));
  return reply.html(302, "", { location: withChargeId(approval) });
}

/** The app's return URL, to which Shopify adds the charge's number. */
function withChargeId({ returnUrl, number }: Approval): string {
  const url = new URL(returnUrl);
  url.searchParams.set("charge_id", String(number));
  return url.href;
}

function approvalPage(approval: Approval): string {
  const status = approval.closedAs();
  const agreement = approval.agreement.map((line) => `<li>${escape(line)}</li>`).join("");
  const decision =
    status === null
      ? `<form method="post">
<button name="decision" value="approve">Approve</button>
<button name="decision" value="decline" class="plain">Decline</button>
</form>`
      : `<p role="status">This was decided: ${escape(status)}. <a href="${escape(withChargeId(approval))}">Back to the app</a></p>`;
  return page(
    approval.name,
    `<p>${escape(approval.owner.app)} asks ${escape(approval.owner.domain)} to agree to:</p>
<ul>${agreement}</ul>
${decision}`,
  );
}

function page(title: string, content: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; background: #f1f1f1; color: #303030; }
main { max-width: 30rem; margin: 4rem auto; padding: 1.5rem 2rem 2rem; background: #fff; border-radius: .75rem; box-shadow: 0 1px 3px #0003; }
h1 { font-size: 1.25rem; }
button { font: inherit; padding: .4rem 1rem; border: 1px solid #303030; border-radius: .5rem; background: #303030; color: #fff; cursor: pointer; }
button.plain { background: #fff; color: #303030; }
footer { margin-top: 2rem; font-size: .8rem; color: #616161; }
</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
${content}
<footer>Admin API simulator: nobody is billed.</footer>
</main>
</body>
</html>
`;
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
