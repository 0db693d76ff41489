using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Outerloop.Configuration;
using Outerloop.Policies.Servers;
using Outerloop.Runs;
using Outerloop.Storage;

namespace Outerloop.Gateway.Upstreams;

/// <summary>A generation of a run, as a server serves it.</summary>
/// <param name="Domain">Null for the base, which is every domain's generation 0.</param>
/// <param name="Weights">What traces say of who wrote them.</param>
internal sealed record UpstreamGeneration(string? Domain, int Number, string Weights);

/// <summary>Which generation of a run whose models are on servers a model's name means: the base's, or <c>DOMAIN-gen-3-1a2b3c4d</c>.</summary>
public sealed partial class UpstreamGenerations
{
    private readonly string _run;
    private readonly RunSettings _settings;
    private readonly string _base;
    private readonly ConcurrentDictionary<string, UpstreamGeneration> _known = [];

    /// <exception cref="InputException">There is no run in the folder, or its models are not on servers.</exception>
    public UpstreamGenerations(string run)
    {
        _run = run;
        _settings = RunFolder.SettingsAt(run);
        _base = ServerPolicyFactory.ModelOf(_settings.Policy) ?? throw new InputException($"{run}: the models of this run are not on servers");
        _known[_base] = new UpstreamGeneration(null, 0, $"openai:{_base}");
    }

    /// <summary>Null if the name means no generation of the run.</summary>
    internal async Task<UpstreamGeneration?> Find(string model, CancellationToken cancellation)
    {
        if (_known.TryGetValue(model, out UpstreamGeneration? known))
            return known;
        Match name = Served().Match(model);
        string domain = name.Groups["domain"].Value;
        if (!name.Success || !_settings.Domains.Contains(domain) || !int.TryParse(name.Groups["number"].Value, CultureInfo.InvariantCulture, out int number))
            return null;
        await using RunStore store = await RunStore.Open(RunFolder.StoreOf(_run), cancellation);
        GenerationRecord? made = (await store.Generations(domain)).FirstOrDefault(one => one.Number == number && one.Weights.StartsWith(name.Groups["hash"].Value, StringComparison.Ordinal));
        return made is null ? null : _known.GetOrAdd(model, new UpstreamGeneration(domain, number, made.Weights));
    }

    [GeneratedRegex("^(?<domain>.+)-gen-(?<number>[0-9]{1,6})-(?<hash>[0-9a-f]{8})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Served();
}
