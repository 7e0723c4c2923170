using System;
using System.Collections.Generic;

namespace BerthAllocatorModule
{
    /// <summary>What a studio sets before it deploys the module.</summary>
    internal static class Settings
    {
        /// <summary>Where Cloud Code reaches a gateway: public, so with TLS and tokens.</summary>
        public const string GatewayUrl = "https://berth.example.com";

        public const string Fleet = "harbour";

        /// <summary>Berth's regions, by the match's property `Region`.</summary>
        public static readonly IReadOnlyDictionary<string, string> Regions =
            new Dictionary<string, string>
            {
                { "europe-west4", "eu" },
                { "us-east4", "us" },
            };

        /// <summary>Berth's region for all other matches.</summary>
        public const string DefaultRegion = "eu";

        /// <summary>How long a match may wait for a free server.</summary>
        public static readonly TimeSpan Wait = TimeSpan.FromSeconds(40);

        /// <summary>15 s more than Wait, or longer; less than the pool's time.</summary>
        public static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(60);

        /// <summary>
        /// How long a server stays without players; null: as its build configuration says.
        /// Nothing else frees the server of a match whose players have left Matchmaker. A game
        /// that does not tell of its players, by a query protocol or the SDK, counts as empty:
        /// leave it null there.
        /// </summary>
        public static readonly TimeSpan? IdleLimit = null;
    }
}
