import { charge } from "./charge.js";

export default {
  async fetch(request) {
    return Response.json(await charge(new URL(request.url).searchParams.get("endpoint")));
  },
};
