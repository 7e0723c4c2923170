using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Tasks;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace BerthAllocatorModule
{
    /// <summary>Where players go, and the secret that the game server knows, too.</summary>
    internal sealed class Server
    {
        public string Ip;
        public int Port;
        public string Token;
    }

    /// <summary>There will be no server for the match.</summary>
    internal sealed class NotServed : Exception
    {
        public NotServed(string code, string message) : base(message)
        {
            Code = code;
        }

        /// <summary>One of docs/errors.md.</summary>
        public string Code { get; }
    }

    /// <summary>Berth's own HTTP API, as far as a matchmaker needs it.</summary>
    internal sealed class BerthGateway
    {
        /// <summary>Cloud Code ends a function after 15 s, and two tries have to fit in.</summary>
        private static readonly HttpClient Http = new HttpClient
        {
            Timeout = TimeSpan.FromSeconds(5),
        };

        private readonly string token;

        public BerthGateway(string token)
        {
            this.token = token;
        }

        /// <summary>
        /// Returns once Berth has stored the request: it is served within Settings.Wait, or fails.
        /// The same id again is the same request, so it is sent again where there was no answer.
        /// </summary>
        public async Task Publish(string matchId, string region, object results)
        {
            var request = new Dictionary<string, object>
            {
                { "allocationId", matchId },
                { "region", region },
                { "fleet", Settings.Fleet },
                { "payload", results },
                { "waitMs", (int)Settings.Wait.TotalMilliseconds },
                { "by", "unity-matchmaker" },
            };
            var idle = Settings.IdleLimit;
            if (idle.HasValue) request["idleTtlMs"] = (long)idle.Value.TotalMilliseconds;
            var body = JsonConvert.SerializeObject(request);
            try
            {
                await Ask(HttpMethod.Post, "/v1/requests", body);
            }
            catch (Exception error) when (!(error is NotServed))
            {
                await Ask(HttpMethod.Post, "/v1/requests", body);
            }
        }

        /// <summary>Null while the match waits. Throws NotServed where it waits in vain.</summary>
        public async Task<Server> Find(string matchId, string region)
        {
            var path = $"/v1/requests/{Escaped(matchId)}?region={Escaped(region)}";
            var found = await Ask(HttpMethod.Get, path);
            switch ((string)found["status"])
            {
                case "pending":
                    return null;
                case "allocated":
                    return ServerOf((JObject)found["allocation"]);
                default:
                    throw new NotServed((string)found["code"], (string)found["message"]);
            }
        }

        /// <summary>Gives the match's server back; it is no error where there is none.</summary>
        public async Task Release(string matchId, string region, string reason)
        {
            var query = $"region={Escaped(region)}&reason={Escaped(reason)}";
            try
            {
                await Ask(HttpMethod.Delete, $"/v1/allocations/{Escaped(matchId)}?{query}");
            }
            catch (NotServed no) when (no.Code == "unknown-allocation")
            {
            }
        }

        private async Task<JObject> Ask(HttpMethod method, string path, string body = null)
        {
            using (var request = new HttpRequestMessage(method, Settings.GatewayUrl + path))
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                if (body != null)
                {
                    request.Content = new StringContent(body, Encoding.UTF8, "application/json");
                }
                using (var response = await Http.SendAsync(request))
                {
                    var text = await response.Content.ReadAsStringAsync();
                    if (response.IsSuccessStatusCode) return JObject.Parse(text);
                    if (IsPassing(response.StatusCode)) throw new HttpRequestException(text);
                    var problem = JObject.Parse(text);
                    throw new NotServed((string)problem["code"], (string)problem["detail"]);
                }
            }
        }

        /// <summary>Whether the same may succeed later.</summary>
        private static bool IsPassing(HttpStatusCode status)
        {
            return (int)status >= 500 || (int)status == 429 || (int)status == 408;
        }

        private static Server ServerOf(JObject allocation)
        {
            // A server that registers itself names its ports as it likes: players use its address.
            var address = (string)allocation["address"];
            return new Server
            {
                Ip = (string)allocation["ip"],
                Port = int.Parse(address.Substring(address.LastIndexOf(':') + 1)),
                Token = (string)allocation["token"],
            };
        }

        private static string Escaped(string text)
        {
            return Uri.EscapeDataString(text);
        }
    }
}
