using Outerloop.Configuration;
using Outerloop.Policies.Servers;
using Outerloop.Prompting;
using Outerloop.Runs;

namespace Outerloop.Policies;

/// <summary>Who answers, by the setting <c>policy</c>: <c>local</c>, <c>local:FOLDER</c> or <c>openai:MODEL</c>.</summary>
public static class PolicyCatalog
{
    public static IReadOnlyList<string> Forms { get; } = ["local", "local:FOLDER", "openai:MODEL"];

    /// <exception cref="FormatException">It is none of them.</exception>
    public static string Read(string text)
    {
        bool local = text == "local" || (text.StartsWith("local:", StringComparison.Ordinal) && text.Length > "local:".Length);
        return local || ServerPolicyFactory.ModelOf(text) is not null
            ? text
            : throw new FormatException(Choice.Unknown("policy", text, Forms));
    }

    /// <param name="folder">Of the run.</param>
    /// <param name="threads">Of the in-process model.</param>
    /// <param name="servers">Asked for where the model is on servers.</param>
    /// <param name="around">What servers are reached with.</param>
    public static IPolicyFactory Create(RunFolder folder, int threads, Func<ServerOptions> servers, ServerSurroundings around) =>
        ServerPolicyFactory.ModelOf(folder.Settings.Policy) is { } model
            ? new ServerPolicyFactory(model, domain => new MessageFormat(domain, folder.Prompt, folder.Settings), servers(), around)
            : new LocalPolicyFactory(threads);
}
