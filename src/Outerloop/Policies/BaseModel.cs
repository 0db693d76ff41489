using Outerloop.Configuration;
using Outerloop.Model.Checkpoints;
using Outerloop.Planning.Domains;
using Outerloop.Policies.Servers;
using Outerloop.Prompting;
using Outerloop.Runs;
using Outerloop.Training;

namespace Outerloop.Policies;

/// <summary>The weights that generation 0 has.</summary>
public static class BaseModel
{
    /// <summary>The base that comes with the program.</summary>
    public static string Bundled => Path.Combine(AppContext.BaseDirectory, "models", "base");

    /// <summary>The folder that a policy setting names: <c>local</c> or <c>local:FOLDER</c>.</summary>
    public static string FolderOf(string policy) => policy == "local" ? Bundled : policy["local:".Length..];

    /// <summary>Refuses a base that cannot be read or does not know the words of a domain, before anything is written for it.</summary>
    /// <exception cref="InputException">Which, and why.</exception>
    public static void Check(RunSettings settings)
    {
        bool served = ServerPolicyFactory.ModelOf(settings.Policy) is not null;
        if (served)
            CheckPrompt(settings.Prompt);
        else if (settings.Prompt != new PromptSettings())
            throw new InputException("--prompt-template, --prompt-example and --prompt-obfuscate are for models on servers (--policy openai:MODEL)");
        if (served && !TrainerCatalog.TrainsServedModelHere(settings))
            return;
        string folder = RequiredFolderOf(settings);
        var factory = new LocalPolicyFactory(threads: 1);
        foreach (string domain in settings.Domains)
            factory.Open(folder, DomainCatalog.Find(domain)!).Dispose();
    }

    private static void CheckPrompt(PromptSettings prompt)
    {
        PromptTemplate template = PromptTemplate.Named(prompt.Template);
        if (prompt.Obfuscate && template.IsInWords)
            throw new InputException("--prompt-obfuscate: the small models know no other names than their own");
        if (prompt.Example && !template.TellsExample)
            throw new InputException($"{prompt.Template}: --prompt-example wants a template with {{{PromptTemplate.Example}}} where the example is to stand");
    }

    /// <summary>Copies the base into the run's folder, so that the run stays what it is when the program is updated.</summary>
    /// <exception cref="InputException">The base's folder is missing or unreadable.</exception>
    /// <exception cref="OutsideException">The copy cannot be written.</exception>
    public static void EnsureIn(RunFolder folder)
    {
        if (Directory.Exists(folder.Base))
            return;
        string? served = ServerPolicyFactory.ModelOf(folder.Settings.Policy);
        bool copied = served is null || TrainerCatalog.TrainsServedModelHere(folder.Settings);
        string? source = copied ? RequiredFolderOf(folder.Settings) : null;
        string incoming = folder.Base + ".incoming";
        try
        {
            if (Directory.Exists(incoming))
                Directory.Delete(incoming, recursive: true);
            if (source is not null)
                Copy(source, incoming);
            if (served is not null)
            {
                folder.WritePrompt(PromptTemplate.Named(folder.Settings.Prompt.Template));
                ServedModel.WriteBase(incoming, served);
            }

            Directory.Move(incoming, folder.Base);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new OutsideException($"{folder.Base}: the base cannot be copied here: {problem.Message}", problem);
        }
    }

    /// <summary>The files of a model; of an adapter, which names its base by a path, the merged model.</summary>
    private static void Copy(string source, string target)
    {
        if (AdapterFolder.IsOne(source))
        {
            ModelExport.Write(source, adapter: null, target, TensorType.F32);
            return;
        }

        Directory.CreateDirectory(target);
        foreach (string file in Directory.EnumerateFiles(source))
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
    }

    /// <summary>The folder of the weights that the run begins with; of a model on servers, the copy that is trained here.</summary>
    private static string RequiredFolderOf(RunSettings settings)
    {
        bool served = ServerPolicyFactory.ModelOf(settings.Policy) is not null;
        string folder = served ? settings.Trainer.Base : FolderOf(settings.Policy);
        return Directory.Exists(folder)
            ? folder
            : throw new InputException(served
                ? $"{folder}: no such folder; --trainer-base wants that of the weights that the server has"
                : $"{folder}: no such folder; --policy wants local, local:FOLDER with a model in it, or openai:MODEL");
    }
}
