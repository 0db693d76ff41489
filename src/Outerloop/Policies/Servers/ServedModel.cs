using System.Security.Cryptography;
using System.Text.Json;

namespace Outerloop.Policies.Servers;

/// <summary>A generation as servers know it.</summary>
/// <param name="Name">What requests ask for. A later generation's name holds its hash, so that it never means other weights.</param>
/// <param name="Weights">What traces say of who wrote them: the hash of the file of weights, or of a base <c>openai:NAME</c>.</param>
/// <param name="Folder">The adapter in PEFT's layout, or the whole model; null for the base, which the server has.</param>
public sealed record ServedModel(string Name, string Weights, string? Folder)
{
    /// <summary>What servers call the model that it was made from; of the base, itself.</summary>
    public string BaseName { get; init; } = Name;

    /// <summary>The hash of the base's weights that are trained in this process; null if none are.</summary>
    public string? BaseCopy { get; init; }

    /// <summary>What makes a folder generation 0's. The weights are the server's; beside it stands a copy only if they are trained in this process.</summary>
    private const string BaseFile = "served.json";

    private const string AdapterFile = "adapter_model.safetensors", WholeFile = "model.safetensors";

    public static ServedModel Base(string model) => new(model, $"openai:{model}", null);

    /// <summary>The model of a generation's folder: the base, or else the adapter or whole model there.</summary>
    /// <param name="model">The base's name.</param>
    /// <exception cref="InputException">The folder has none of them.</exception>
    public static ServedModel In(string folder, string model)
    {
        if (File.Exists(Path.Combine(folder, BaseFile)))
            return Base(model);
        string weights = new[] { AdapterFile, WholeFile }.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new InputException($"{folder}: neither a served base nor a PEFT adapter ({AdapterFile}) nor a model ({WholeFile}) is here");
        string hash = HashOf(weights), whole = Path.GetFullPath(folder);
        return new ServedModel($"{Path.GetFileName(Path.GetDirectoryName(whole))}-gen-{Path.GetFileName(whole)}-{hash[..8]}", hash, whole) { BaseName = model };
    }

    /// <summary>Makes the folder of generation 0, which says what the server calls it.</summary>
    public static void WriteBase(string folder, string model)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, BaseFile), JsonSerializer.Serialize(new { model }) + "\n");
    }

    internal static string HashOf(string file)
    {
        using FileStream stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
