using Outerloop.Planning.Domains;
using Outerloop.Prompting;

namespace Outerloop.Policies.Servers;

/// <summary>Generations on servers: the base under its own name, later ones as adapters beside it.</summary>
/// <param name="model">The base's name.</param>
/// <param name="format">How it is asked.</param>
/// <param name="options">How servers are reached.</param>
/// <param name="around">And with what.</param>
/// <param name="copy">The file of the base's weights that are trained in this process, which our own gateway must have too; null if none are.</param>
public sealed class ServerPolicyFactory(string model, Func<PlanningDomain, IPromptFormat> format, ServerOptions options, ServerSurroundings around, string? copy = null) : IPolicyFactory, IDisposable
{
    private const string Prefix = "openai:";

    private readonly Lazy<string?> _baseCopy = new(() => copy is null ? null : ServedModel.HashOf(copy));

    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            UseCookies = false,
            AllowAutoRedirect = false,
        })
    {
        Timeout = Timeout.InfiniteTimeSpan, // each request has its own deadline
    };

    /// <summary>The model of a policy setting <c>openai:MODEL</c>; null for another setting.</summary>
    public static string? ModelOf(string policy) =>
        policy.StartsWith(Prefix, StringComparison.Ordinal) && policy.Length > Prefix.Length ? policy[Prefix.Length..] : null;

    public IPolicy Open(string folder, PlanningDomain domain) =>
        new ServerPolicy(ServedModel.In(folder, model) with { BaseCopy = _baseCopy.Value }, FormatOf(folder, domain), options, _http, around);

    public IPromptFormat FormatOf(string folder, PlanningDomain domain) => format(domain);

    public void Dispose() => _http.Dispose();
}
