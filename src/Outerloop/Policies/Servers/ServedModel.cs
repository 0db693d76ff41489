using System.Security.Cryptography;
using System.Text.Json;

namespace Outerloop.Policies.Servers;

/// <summary>A generation as servers know it.</summary>
/// <param name="Name">What requests ask for. An adapter's name holds its hash, so that it never means other weights.</param>
/// <param name="Weights">What traces say of who wrote them: the adapter's hash, or of a base <c>openai:NAME</c>.</param>
/// <param name="AdapterFolder">The adapter in PEFT's layout; null for the base.</param>
public sealed record ServedModel(string Name, string Weights, string? AdapterFolder)
{
    /// <summary>Beside it in generation 0's folder stands nothing: the weights are the server's.</summary>
    private const string BaseFile = "served.json";

    private const string AdapterFile = "adapter_model.safetensors";

    public static ServedModel Base(string model) => new(model, $"openai:{model}", null);

    /// <summary>The model of a generation's folder: the adapter there, or else the base.</summary>
    /// <param name="model">The base's name.</param>
    /// <exception cref="InputException">The folder has neither an adapter nor the base's record.</exception>
    public static ServedModel In(string folder, string model)
    {
        string adapter = Path.Combine(folder, AdapterFile);
        if (File.Exists(adapter))
        {
            string hash = HashOf(adapter);
            return new ServedModel($"{Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(folder)))}-gen-{Path.GetFileName(folder)}-{hash[..8]}", hash, Path.GetFullPath(folder));
        }

        return File.Exists(Path.Combine(folder, BaseFile))
            ? Base(model)
            : throw new InputException($"{folder}: neither a served base nor a PEFT adapter ({AdapterFile}) is here");
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
