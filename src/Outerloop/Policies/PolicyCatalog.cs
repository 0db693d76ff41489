using Outerloop.Configuration;
using Outerloop.Model.Checkpoints;
using Outerloop.Planning.Domains;
using Outerloop.Policies.Servers;
using Outerloop.Prompting;
using Outerloop.Runs;
using Outerloop.Training;

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

    /// <summary>How a run's models are asked and answer; no model is opened, nor a server reached.</summary>
    public static IPromptFormat FormatOf(string run, PlanningDomain domain)
    {
        RunSettings settings = RunFolder.SettingsAt(run);
        return ServerPolicyFactory.ModelOf(settings.Policy) is null
            ? new LocalPolicyFactory(threads: 1).FormatOf(RunFolder.GenerationOf(run, domain.Name, 0), domain)
            : PromptFormats.Of(PromptTemplate.Read(RunFolder.PromptOf(run)), domain, settings);
    }

    /// <param name="folder">Of the run.</param>
    /// <param name="threads">Of the in-process model.</param>
    /// <param name="servers">Asked for where the model is on servers.</param>
    /// <param name="around">What servers are reached with.</param>
    public static IPolicyFactory Create(RunFolder folder, int threads, Func<ServerOptions> servers, ServerSurroundings around) =>
        ServerPolicyFactory.ModelOf(folder.Settings.Policy) is { } model
            ? new ServerPolicyFactory(model, domain => FormatOf(folder.Path, domain), servers(), around, CopyIn(folder))
            : new LocalPolicyFactory(threads);

    /// <summary>The weights that are trained here of a model on servers; null if none are, or where they are another file than the server's, being merged from an adapter.</summary>
    private static string? CopyIn(RunFolder folder)
    {
        string file = Path.Combine(folder.Base, "model.safetensors");
        return TrainerCatalog.TrainsServedModelHere(folder.Settings) && !AdapterFolder.IsOne(folder.Settings.Trainer.Base) && File.Exists(file) ? file : null;
    }
}
